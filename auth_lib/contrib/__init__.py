"""auth_lib in the frameworks of services; each module needs its framework and no other."""
