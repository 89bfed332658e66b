"""Papers: what arXiv and Crossref answer, and the BibTeX records that are made of it."""
