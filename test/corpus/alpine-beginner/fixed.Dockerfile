FROM alpine:3.24
RUN apk upgrade --no-cache
RUN apk add --no-cache nodejs npm python3 py3-pip bash
RUN pip3 install --no-cache-dir awscli --break-system-packages
ADD https://dl.example.com/kubectl /usr/local/bin/kubectl
RUN chmod +x /usr/local/bin/kubectl
COPY --chmod=755 deploy.sh /
RUN [[ -f /deploy.sh ]]
RUN addgroup -g 10001 app \
    && adduser -D -u 10001 -G app -s /sbin/nologin app
USER app
ENTRYPOINT ["/deploy.sh"]
