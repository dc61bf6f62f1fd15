import statistics

print("median", statistics.median([1, 3, 5]))
