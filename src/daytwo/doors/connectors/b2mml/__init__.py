"""B2MML and BatchML documents (ISA-95, ISA-88 by MESA International), in and out."""
