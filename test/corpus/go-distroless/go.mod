module git.example.com/net/relay

go 1.25
