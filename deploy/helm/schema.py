"""Write the JSON Schema of the chart's values, `liveline/values.schema.json`; `python deploy/helm/schema.py` prints it.

`settings` may hold what Liveline knows as a setting, but for what the chart sets itself and what is secret.
"""

import json
from typing import Any, Final

from streams.settings.variables import setting_variables

OF_THE_CHART: Final = frozenset(
    f"LIVELINE_{name}"
    for name in (
        "KAFKA", "KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_MECHANISM", "KAFKA_CA_FILE", "TOPIC_PREFIX", "PARTITIONS",
        "REPLICATION", "APPLICATION", "CONFIG", "ARCHIVE", "STATE", "BIND", "WORKER_BIND", "POLL_BIND", "DELIVER_BIND",
    )
)  # fmt: skip
"""Set by other values of the chart."""
SECRET: Final = frozenset(
    f"LIVELINE_{name}" for name in ("KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD", "JWT_SECRET", "ADMIN_TOKEN")
)
"""Read from Secrets, which `secrets` names."""

_TEXT: Final = {"type": "string"}
_SWITCH: Final = {"type": "boolean"}
_PORT: Final = {"type": "integer", "minimum": 1024, "maximum": 65535}
_COUNT: Final = {"type": "integer", "minimum": 1}
_NAME: Final = {"type": "string", "pattern": r"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"}
_ANY: Final = {"type": "object"}
_STRINGS: Final = {"type": "object", "additionalProperties": _TEXT}
_SIZE: Final = {"type": "string", "pattern": r"^\d+(Ki|Mi|Gi|Ti)$"}
_PORTS: Final = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 65535}}
_OBJECTS: Final = {"type": "array", "items": _ANY}
_RESOURCES: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"requests": _ANY, "limits": _ANY, "claims": _OBJECTS},
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


def schema() -> dict[str, Any]:
    """Return the schema; a value that it does not name is refused."""
    settings = sorted(set(setting_variables()) - OF_THE_CHART - SECRET)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Values of Liveline's chart",
        **_object(
            image=_object(
                repository=_TEXT, tag=_TEXT, pullPolicy=_one_of("Always", "IfNotPresent", "Never")
            ),
            imagePullSecrets=_OBJECTS,
            kafka=_object(
                bootstrap={"type": "string", "pattern": r"^([^:,\s]+:\d+(,[^:,\s]+:\d+)*)?$"},
                partitions=_COUNT,
                replication={"type": "integer", "minimum": -1, "not": {"const": 0}},
                topicPrefix=_TEXT,
                application={"type": "string", "minLength": 1},
                securityProtocol=_one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
                saslMechanism=_one_of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
                ca=_object(secret=_NAME, key=_TEXT),
            ),
            settings={
                "type": "object",
                "propertyNames": {"enum": settings},
                "additionalProperties": {"type": ["string", "integer", "number", "boolean"]},
            },
            newsroom=_TEXT,
            newsroomConfigMap=_NAME,
            restartOnNewsroom=_SWITCH,
            secrets=_object(**dict.fromkeys(("kafka", "database", "tokens", "access", "sinks"), _NAME)),
            topics=_object(enabled=_SWITCH, resources=_RESOURCES),
            worker=_object(
                replicas=_COUNT,
                port=_PORT,
                resources=_RESOURCES,
                keda=_object(enabled=_SWITCH, minReplicas=_COUNT, lag=_COUNT),
            ),
            gateway=_object(
                replicas=_COUNT,
                port=_PORT,
                resources=_RESOURCES,
                service=_object(
                    type=_one_of("ClusterIP", "NodePort", "LoadBalancer"),
                    port={"type": "integer", "minimum": 1, "maximum": 65535},
                    annotations=_STRINGS,
                ),
                persistence=_object(size=_SIZE, storageClass=_NAME),
            ),
            poller=_object(enabled=_SWITCH, replicas=_COUNT, port=_PORT, resources=_RESOURCES),
            deliverer=_object(enabled=_SWITCH, replicas=_COUNT, port=_PORT, resources=_RESOURCES),
            ingress=_object(
                enabled=_SWITCH, className=_NAME, host=_TEXT, tlsSecret=_NAME, annotations=_STRINGS
            ),
            networkPolicy=_object(
                enabled=_SWITCH,
                gatewayFrom=_OBJECTS,
                metricsFrom=_OBJECTS,
                kafkaPorts=_PORTS,
                databasePorts=_PORTS,
                egress=_OBJECTS,
            ),
            podDisruptionBudgets=_SWITCH,
            terminationGracePeriodSeconds=_COUNT,
            tmpSize=_SIZE,
            podAnnotations=_STRINGS,
            nodeSelector=_STRINGS,
            tolerations=_OBJECTS,
            affinity=_ANY,
            **{"global": _ANY},
        ),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
