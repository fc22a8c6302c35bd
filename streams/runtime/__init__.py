"""Faust and aiokafka made safe and fast: batches, the ledger, the memory's loading, owned partitions."""
