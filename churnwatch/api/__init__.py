"""HTTP and the pages: what the firm's other tools and people ask of churnwatch."""
