"""The ground floor: types, contracts, configuration, calendar, and the gate against look-ahead. Imports nothing above it."""
