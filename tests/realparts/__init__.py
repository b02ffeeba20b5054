"""Real servers for tests and benchmarks: Apache Kafka and PostgreSQL, fetched once, gone with the runner."""
