FROM golang:1.25 AS build
WORKDIR /go/src/probe
COPY go.mod go.sum ./
RUN go mod download
COPY *.go ./
RUN CGO_ENABLED=0 go build -ldflags="-s -w" -o /probe .
RUN echo "probe:x:65532:65532::/:" > /passwd

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /passwd /etc/passwd
COPY --from=build /probe /probe
USER probe
ENTRYPOINT ["/probe"]
