"""汇总.xlsx: what came of a batch, streamed from results.sqlite by XlsxWriter."""
