module git.example.com/acme/guestbook

go 1.25

require (
	github.com/go-chi/chi/v5 v5.2.1
	github.com/jackc/pgx/v5 v5.7.2
)
