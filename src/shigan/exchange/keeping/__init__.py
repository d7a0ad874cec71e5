"""Keeping (留存): encrypted backups that open with their own key alone, and the office's own certificates."""
