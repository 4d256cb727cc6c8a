"""Reads a lake's folders with DuckDB as they lie, and prints what it finds as JSON."""

import json
import sys

import duckdb

lake = sys.argv[1]
connection = duckdb.connect()
connection.execute("SET TimeZone = 'UTC'")


def rows(sql):
    return [list(row) for row in connection.execute(sql).fetchall()]


def files(dataset):
    return f"read_parquet('{lake}/{dataset}/*/*.parquet', hive_partitioning = true)"


observations = files("observations")
print(
    json.dumps(
        {
            "types": rows(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {observations})"),
            "days": rows(f"SELECT day::VARCHAR, count(*), sum(value) FROM {observations} GROUP BY day ORDER BY day"),
            "doubled": rows(
                f"SELECT count(*) - count(DISTINCT (device, property, time)) FROM {observations}"
            ),
            "first": rows(
                f"SELECT device, property, epoch_us(time), value, text, quality, lag_s FROM {observations} "
                "ORDER BY device, property, time LIMIT 3"
            ),
            # What is down-sampled must be what DuckDB makes of the values.
            "hours": rows(
                "SELECT count(*), count(*) FILTER (WHERE kept.sum = made.sum AND kept.count = made.count "
                "AND kept.min IS NOT DISTINCT FROM made.min AND kept.max IS NOT DISTINCT FROM made.max "
                "AND kept.total = made.total) FROM "
                f"{files('observations_1h')} kept JOIN (SELECT device, property, "
                "date_trunc('hour', time) AS start, min(value) FILTER (WHERE quality IN (0, 6)) AS min, "
                "max(value) FILTER (WHERE quality IN (0, 6)) AS max, "
                "coalesce(sum(value) FILTER (WHERE quality IN (0, 6)), 0) AS sum, "
                "count(value) FILTER (WHERE quality IN (0, 6)) AS count, count(*) AS total "
                f"FROM {observations} GROUP BY ALL) made "
                "ON kept.device = made.device AND kept.property = made.property AND kept.start = made.start"
            ),
            "kept_hours": rows(f"SELECT month::VARCHAR, count(*) FROM {files('observations_1h')} GROUP BY month"),
            "events": rows(f"SELECT seq, kind, body FROM {files('events')} ORDER BY seq"),
        }
    )
)
