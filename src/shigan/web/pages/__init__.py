"""One file a mechanism: its forms, views and addresses."""
