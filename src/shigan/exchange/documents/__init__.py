"""Untrusted documents in, plain text out: .docx, .pdf with text, .txt, .html, and .zip of these."""

from shigan.exchange.documents.read import Paper, read_document, read_documents

__all__ = ["Paper", "read_document", "read_documents"]
