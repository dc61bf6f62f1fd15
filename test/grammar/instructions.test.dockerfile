# SYNTAX TEST "source.dockerfile" "EXPOSE, HEALTHCHECK, STOPSIGNAL, USER, VOLUME, WORKDIR, SHELL"
EXPOSE 80 443/tcp 8000-8010/UDP 9/sctp
#      ^^ constant.numeric.port.dockerfile
#         ^^^ constant.numeric.port.dockerfile
#            ^ punctuation.separator.protocol.dockerfile
#             ^^^ support.constant.protocol.dockerfile
#                 ^^^^ constant.numeric.port.dockerfile
#                     ^ keyword.operator.range.dockerfile
#                      ^^^^ constant.numeric.port.dockerfile
#                           ^^^ support.constant.protocol.dockerfile
#                                 ^^^^ support.constant.protocol.dockerfile
HEALTHCHECK NONE
#           ^^^^ constant.language.none.dockerfile
HEALTHCHECK --interval=30s --timeout=1m30s --retries=7 --start-period=500ms CMD curl -f "http://localhost/ || exit 1
#             ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                      ^^^ constant.numeric.duration.dockerfile
#                                    ^^^^^ constant.numeric.duration.dockerfile
#                                                    ^ constant.numeric.dockerfile - constant.numeric.duration.dockerfile
#                                                        ^^^^^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                                                                     ^^^^^ constant.numeric.duration.dockerfile
#                                                                           ^^^ meta.instruction.healthcheck.dockerfile keyword.other.special-method.dockerfile
#                                                                               ^^^^ meta.embedded.inline.shell.dockerfile entity.name.command.shell
HEALTHCHECK \
# <----------- meta.instruction.healthcheck.dockerfile keyword.other.special-method.dockerfile
  --interval=5s \
#   ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
  # why
# ^^^^^ comment.line.number-sign.dockerfile
  cmd ["curl", "x"]
# ^^^ meta.instruction.healthcheck.dockerfile keyword.other.special-method.dockerfile
#      ^^^^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
STOPSIGNAL SIGTERM
#          ^^^^^^^ constant.language.signal.dockerfile
STOPSIGNAL 9
#          ^ constant.numeric.signal.dockerfile
STOPSIGNAL SIGRTMIN+3
#          ^^^^^^^^^^ constant.language.signal.dockerfile
USER nobody
#    ^^^^^^ string.unquoted.user.dockerfile
USER 1000:1000
#    ^^^^ constant.numeric.uid.dockerfile
#        ^ punctuation.separator.group.dockerfile
#         ^^^^ constant.numeric.gid.dockerfile
USER app:web
#    ^^^ string.unquoted.user.dockerfile
#        ^^^ string.unquoted.group.dockerfile
VOLUME /var/lib /data
#      ^^^^^^^^ string.unquoted.path.dockerfile
#               ^^^^^ string.unquoted.path.dockerfile
VOLUME ["/a", "/b"]
#      ^ punctuation.definition.array.begin.dockerfile
#       ^^^^ string.quoted.double.json.dockerfile
#           ^ punctuation.separator.array.dockerfile
#                 ^ punctuation.definition.array.end.dockerfile
WORKDIR /with space/x
#       ^^^^^ string.unquoted.path.dockerfile
#             ^^^^^^^ string.unquoted.path.dockerfile
WORKDIR "/quoted x"
#       ^^^^^^^^^^^ string.quoted.double.dockerfile
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# <----- keyword.other.special-method.dockerfile
#      ^^^^^^^^^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
#                                         ^ punctuation.definition.array.end.dockerfile
COPY src/*.txt /d/
#        ^ keyword.operator.wildcard.dockerfile
#         ^^^^ string.unquoted.path.dockerfile
COPY a\ b c
#     ^^ constant.character.escape.dockerfile
COPY ["a b", "c"]
#     ^^^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
ADD ["a b", \
#           ^ punctuation.separator.continuation.dockerfile
     "c"]
#    ^^^ meta.instruction.copy.dockerfile meta.exec-form.dockerfile string.quoted.double.json.dockerfile
