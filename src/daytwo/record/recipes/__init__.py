"""Master batch records: written, analysed, approved, versioned."""
