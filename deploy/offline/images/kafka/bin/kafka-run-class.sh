#!/bin/bash
# kafka-run-class.sh CLASS [ARGUMENTS]
home=/opt/kafka
logging=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=/etc/kafka/docker/tools-log4j2.yaml}
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1} \
    ${KAFKA_OPTS:-} $logging -cp "$home/libs/*" "$@"
