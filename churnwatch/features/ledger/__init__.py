"""The ledger: a firm's events as far as signals still need them, kept from night to night, so that only what is new is read."""
