# SYNTAX TEST "source.dockerfile" "variables, strings and escapes"
ENV A=$B C=${D} E="$F ${G}" H='$I' J=\$K L="\$M \" \n"
#     ^^ variable.other.dockerfile
#     ^ punctuation.definition.variable.dockerfile
#          ^^ punctuation.definition.variable.begin.dockerfile
#          ^^^^ variable.other.dockerfile
#             ^ punctuation.definition.variable.end.dockerfile
#                  ^^ string.quoted.double.dockerfile variable.other.dockerfile
#                     ^^^^ string.quoted.double.dockerfile variable.other.dockerfile
#                              ^^ string.quoted.single.dockerfile - variable.other.dockerfile
#                                    ^^ constant.character.escape.dockerfile - variable.other.dockerfile
#                                      ^ - variable.other.dockerfile
#                                           ^^ string.quoted.double.dockerfile constant.character.escape.dockerfile
#                                             ^ - variable.other.dockerfile
#                                               ^^ string.quoted.double.dockerfile constant.character.escape.dockerfile
#                                                  ^^ string.quoted.double.dockerfile - constant.character.escape.dockerfile
ENV A=${B:-${C:+${D:?no d}}} E=$F
#     ^^ variable.other.dockerfile punctuation.definition.variable.begin.dockerfile
#       ^ variable.other.dockerfile
#        ^^ keyword.operator.expansion.dockerfile
#            ^ meta.expansion.dockerfile meta.expansion.dockerfile variable.other.dockerfile
#             ^^ keyword.operator.expansion.dockerfile
#                            ^ variable.other.env.dockerfile - meta.expansion.dockerfile
#                              ^^ variable.other.dockerfile
ENV A=${B:-x}/y C=${D-x} E=${F+x} G=${H?x} I=${J:?x}
#        ^^ keyword.operator.expansion.dockerfile
#          ^ string.unquoted.expansion.dockerfile
#            ^^ string.unquoted.value.dockerfile - meta.expansion.dockerfile
#                    ^ keyword.operator.expansion.dockerfile
#                             ^ keyword.operator.expansion.dockerfile
#                                      ^ keyword.operator.expansion.dockerfile
#                                               ^^ keyword.operator.expansion.dockerfile
ARG A=${B#*/} C=${D##a} E=${F%.*} G=${H%%b} I=${J/x/y} K=${L//x?/$Y}
#        ^ keyword.operator.expansion.dockerfile
#         ^ keyword.operator.wildcard.dockerfile
#          ^ string.regexp.pattern.dockerfile
#                  ^^ keyword.operator.expansion.dockerfile
#                    ^ string.regexp.pattern.dockerfile
#                            ^ keyword.operator.expansion.dockerfile
#                                      ^^ keyword.operator.expansion.dockerfile
#                                        ^ string.regexp.pattern.dockerfile
#                                                 ^ string.regexp.pattern.dockerfile
#                                                  ^ keyword.operator.expansion.dockerfile
#                                                   ^ string.unquoted.expansion.dockerfile
#                                                           ^^ keyword.operator.expansion.dockerfile
#                                                                ^^ variable.other.dockerfile
ENV A=${B:-"x y"} C="${D:-x y}" E="${F:-'"
#          ^^^^^ meta.expansion.dockerfile string.quoted.double.dockerfile
#                 ^ variable.other.env.dockerfile
#                         ^ string.quoted.double.dockerfile meta.expansion.dockerfile string.unquoted.expansion.dockerfile
#                               ^ variable.other.env.dockerfile - string.quoted.double.dockerfile
USER $UID:${GID}
#    ^^^^ variable.other.dockerfile
#        ^ punctuation.separator.group.dockerfile
#         ^^^^^^ variable.other.dockerfile
WORKDIR /srv/$APP/${SUB:-x}
#       ^^^^^ string.unquoted.path.dockerfile
#            ^^^^ variable.other.dockerfile
#                        ^ string.unquoted.expansion.dockerfile
EXPOSE $PORT ${PORT:-80}/tcp
#      ^^^^^ variable.other.dockerfile
#                    ^^ meta.expansion.dockerfile
#                        ^^^ support.constant.protocol.dockerfile
STOPSIGNAL $SIG
#          ^^^^ variable.other.dockerfile
VOLUME $DATA /x
#      ^^^^^ variable.other.dockerfile
VOLUME ["$DATA", "${X:-/y}"]
#        ^^^^^ string.quoted.double.json.dockerfile variable.other.dockerfile
#                   ^ string.quoted.double.json.dockerfile variable.other.dockerfile
COPY $SRC ${DST:-/d}/
#    ^^^^ variable.other.dockerfile
#                ^^ string.unquoted.expansion.dockerfile
LABEL a=$B $C=d
#       ^^ variable.other.dockerfile
#          ^^ variable.other.dockerfile
ADD https://example.org/$V.tgz /x
#                       ^^ variable.other.dockerfile
CMD echo $HOME
#        ^^^^^ variable.other.shell - variable.other.dockerfile
CMD ["echo", "$HOME"]
#             ^^^^^ string.quoted.double.json.dockerfile - variable.other.dockerfile
ENV A=$ B=$1 C=$@ D=${} E=${:x}
#         ^^ variable.other.dockerfile
#              ^^ variable.other.dockerfile
#                   ^^^ invalid.illegal.substitution.dockerfile
#                       ^ variable.other.env.dockerfile
#                         ^^^^^ invalid.illegal.substitution.dockerfile
ENV A="it's" B='say "x"' C=a"b c"d
#      ^^^^ string.quoted.double.dockerfile - string.quoted.single.dockerfile
#               ^^^^^^^ string.quoted.single.dockerfile - string.quoted.double.dockerfile
#                            ^^^ string.quoted.double.dockerfile
#                                ^ string.unquoted.value.dockerfile
