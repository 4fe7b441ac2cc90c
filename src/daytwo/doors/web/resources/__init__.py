"""Material lots and equipment: their state, where they were used."""
