"""Master batch records: versions, content, findings, approval."""
