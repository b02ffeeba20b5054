"""The two carriers of facts between services: HTTP feed and Apache Kafka."""
