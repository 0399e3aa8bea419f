"""Services that were split out of the platform; each knows auth_lib and nothing else of it."""
