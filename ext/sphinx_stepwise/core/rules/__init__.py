"""Every check of the whole toolkit, and ``check_project``, which all doors call."""
