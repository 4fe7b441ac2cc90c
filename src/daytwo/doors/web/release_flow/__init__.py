"""Release flow: where the days between end of manufacture and disposition went."""
