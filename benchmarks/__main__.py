"""Run all benchmarks: ``python -m benchmarks``."""

from benchmarks import batch, exports, history, import_time, loading, one_account, replay, spark, sql, streams

one_account.main()
print()
import_time.main()
print()
loading.main()
print()
exports.main()
print()
batch.main()
print()
replay.main()
print()
history.main()
print()
sql.main()
print()
streams.main()
print()
spark.main()
