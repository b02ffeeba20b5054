"""The web: documents, the generic API, and pages."""
