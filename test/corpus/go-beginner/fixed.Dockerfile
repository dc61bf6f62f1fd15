FROM golang:1.27 AS builder
ENV CGO_ENABLED=0
COPY . /go/src/app
WORKDIR /go/src/app
RUN go get -d -v ./...
RUN go build -ldflags="-s -w" -o main .

FROM gcr.io/distroless/static-debian12:nonroot AS final
WORKDIR /go/src/app
COPY --from=builder /go/src/app/main /go/src/app/main
EXPOSE 8080
CMD ["./main"]
