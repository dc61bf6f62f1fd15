<?php
$n = (int) ($_GET["n"] ?? 3);
file_put_contents("/app/cache/last", (string) $n);
echo "square " . file_get_contents("/app/cache/last") ** 2;
