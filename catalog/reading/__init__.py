"""Official documents: their grammar, structure, agencies and demands, as drafts of plans."""
