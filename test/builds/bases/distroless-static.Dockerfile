FROM debian:bookworm-slim AS files
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates netbase tzdata && update-ca-certificates
RUN mkdir -p /root-fs/etc/ssl/certs /root-fs/usr/share /root-fs/home/nonroot /root-fs/root /root-fs/tmp /root-fs/var/lib/dpkg/status.d \
    && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ && cp -a /usr/share/zoneinfo /root-fs/usr/share/ \
    && cp -a /etc/os-release /etc/debian_version /etc/nsswitch.conf /etc/protocols /etc/services /root-fs/etc/ 2>/dev/null || true
RUN printf 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > /root-fs/etc/passwd \
    && printf 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n' > /root-fs/etc/group \
    && chown 65532:65532 /root-fs/home/nonroot && chmod 1777 /root-fs/tmp
FROM scratch
COPY --from=files /root-fs /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532
WORKDIR /home/nonroot
