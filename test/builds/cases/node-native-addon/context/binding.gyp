{ "targets": [{ "target_name": "seven", "sources": ["seven.c"] }] }
