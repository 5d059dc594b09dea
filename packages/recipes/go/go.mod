module example.test/dialler

go 1.19
