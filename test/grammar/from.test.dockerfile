# SYNTAX TEST "source.dockerfile" "FROM"
FROM alpine
#    ^^^^^^ meta.image.dockerfile entity.name.type.image.dockerfile
FROM scratch AS base
#    ^^^^^^^ constant.language.scratch.dockerfile - entity.name.type.image.dockerfile
#            ^^ keyword.other.special-method.dockerfile
#               ^^^^ entity.name.type.class.stage.dockerfile
FROM library/node:20-alpine as Build
#    ^^^^^^^ entity.name.type.image.dockerfile
#           ^ punctuation.separator.path.dockerfile
#            ^^^^ entity.name.type.image.dockerfile
#                ^ punctuation.separator.tag.dockerfile
#                 ^^^^^^^^^ string.unquoted.tag.dockerfile
#                           ^^ keyword.other.special-method.dockerfile
#                              ^^^^^ entity.name.type.class.stage.dockerfile
FROM --platform=$BUILDPLATFORM registry.example.org:5000/team/app:1.0@sha256:0123abcd AS final-1
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^^^^^ meta.flag.dockerfile entity.other.attribute-name.flag.dockerfile
#               ^^^^^^^^^^^^^^ variable.other.dockerfile
#                              ^^^^^^^^^^^^^^^^^^^^ entity.name.namespace.registry.dockerfile
#                                                   ^^^^ constant.numeric.port.dockerfile
#                                                        ^^^^ entity.name.type.image.dockerfile
#                                                             ^^^ entity.name.type.image.dockerfile
#                                                                 ^^^ string.unquoted.tag.dockerfile
#                                                                    ^ punctuation.separator.digest.dockerfile
#                                                                     ^^^^^^ storage.type.digest.dockerfile
#                                                                            ^^^^^^^^ constant.numeric.digest.dockerfile
#                                                                                        ^^^^^^^ entity.name.type.class.stage.dockerfile
FROM localhost/app
#    ^^^^^^^^^ entity.name.namespace.registry.dockerfile
FROM host:5000/app
#    ^^^^ entity.name.namespace.registry.dockerfile
#         ^^^^ constant.numeric.port.dockerfile
FROM host:5000
#    ^^^^ entity.name.type.image.dockerfile
#         ^^^^ string.unquoted.tag.dockerfile
FROM ${REGISTRY:-docker.io}/app:${TAG}-slim AS ${NAME}
#    ^^ variable.other.dockerfile punctuation.definition.variable.begin.dockerfile
#      ^^^^^^^^ variable.other.dockerfile
#              ^^ keyword.operator.expansion.dockerfile
#                ^^^^^^^^^ string.unquoted.expansion.dockerfile
#                         ^ variable.other.dockerfile punctuation.definition.variable.end.dockerfile
#                           ^^^ entity.name.type.image.dockerfile
#                                 ^^^ variable.other.dockerfile
#                                     ^^^^^ string.unquoted.tag.dockerfile
FROM --platform=linux/arm64 \
#               ^^^^^ string.unquoted.flag-value.dockerfile
#                    ^ punctuation.separator.flag-value.dockerfile
  # why
# ^^^^^ comment.line.number-sign.dockerfile
  alpine:3 \
# ^^^^^^ entity.name.type.image.dockerfile
#        ^ string.unquoted.tag.dockerfile
  AS \
# ^^ keyword.other.special-method.dockerfile
  final
# ^^^^^ entity.name.type.class.stage.dockerfile
FROM as AS as
#    ^^ entity.name.type.image.dockerfile - keyword.other.special-method.dockerfile
#       ^^ keyword.other.special-method.dockerfile
#          ^^ entity.name.type.class.stage.dockerfile
FROM a \
AS b
# <-- keyword.other.special-method.dockerfile
#  ^ entity.name.type.class.stage.dockerfile
