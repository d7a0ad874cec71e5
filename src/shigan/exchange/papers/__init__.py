"""Papers: one document model and its two writers, Word for those who edit and PDF for those who print."""

from shigan.exchange.papers.model import Block, Heading, Note, PageBreak, Paper, Para, Picture, Table
from shigan.exchange.papers.pdf import pdf
from shigan.exchange.papers.word import docx

__all__ = [
    "Block",
    "Heading",
    "Note",
    "PageBreak",
    "Paper",
    "Para",
    "Picture",
    "Table",
    "docx",
    "pdf",
]
