# syntax=docker/dockerfile:1
FROM golang:1.25 AS builder

# Everything happens here
WORKDIR /app

ENV CGO_ENABLED=0
COPY go.mod go.sum ./
RUN go mod download

COPY . .
RUN go vet ./... && go build -ldflags="-s -w" -o guestbook ./cmd/guestbook && go build -ldflags="-s -w" -o migrate ./cmd/migrate

FROM gcr.io/distroless/static-debian12:nonroot AS final
LABEL org.opencontainers.image.source="https://git.example.com/acme/guestbook"
WORKDIR /app
COPY --from=builder /app/guestbook /app/guestbook
COPY --from=builder /app/migrate /app/migrate
COPY --from=builder /app/config /app/config
COPY --from=builder /app/web /app/web

ENV TEMPLATE_DIR=/app/web/templates
ENV PORT=8080
EXPOSE 8080

CMD ["./guestbook", "-config=config/guestbook.toml"]
