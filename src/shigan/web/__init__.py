"""页面: the one Django app, and the only floor that knows Django."""
