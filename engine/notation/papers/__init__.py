"""Templates of papers: Word files that designers lay out, looked through before they are taken, and filled apart."""
