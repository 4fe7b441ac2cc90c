"""ISA-95 resources: equipment and material lots."""
