"""No tables. Django sends `post_migrate`, which `hipcare.apps` waits for, only to apps with this module."""
