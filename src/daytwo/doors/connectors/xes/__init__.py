"""Event logs of single cases in XES (IEEE 1849), plain or gzip."""
