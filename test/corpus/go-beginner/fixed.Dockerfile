FROM golang:1.27
COPY . /go/src/app
WORKDIR /go/src/app
RUN go get -d -v ./...
RUN go build -o main .
EXPOSE 8080
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["./main"]
