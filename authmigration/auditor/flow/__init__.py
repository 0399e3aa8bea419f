"""Where ids of a client go: an abstract interpretation of views and of what they call."""
