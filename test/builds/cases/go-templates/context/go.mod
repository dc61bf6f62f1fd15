module example.com/letter

go 1.19
