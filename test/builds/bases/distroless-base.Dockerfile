FROM debian:bookworm-slim AS files
RUN apt-get update && apt-get install -y --no-install-recommends libssl3
RUN mkdir /root-fs && dpkg-query --listfiles libc6 libssl3 | sort -u \
    | while read -r path; do if [ ! -d "$path" ] || [ -L "$path" ]; then if [ -e "$path" ]; then echo "$path"; fi; fi; done \
    | tar -c --no-recursion --files-from - --exclude=/usr/share | tar -x -C /root-fs \
    && cd /root-fs && mkdir -p usr && for one in lib lib64 bin sbin; do if [ -d "$one" ]; then mkdir -p "usr/$one" && cp -a "$one/." "usr/$one/" && rm -rf "$one"; fi; ln -s "usr/$one" "$one"; done
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=files /root-fs /
