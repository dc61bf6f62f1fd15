# SYNTAX TEST "source.dockerfile" "ENV, ARG and LABEL"
ENV PATH=/usr/bin:$PATH EMPTY= B="a b" C='$d' D=a\ b
#   ^^^^ variable.other.env.dockerfile
#       ^ keyword.operator.assignment.dockerfile
#        ^^^^^^^^^ string.unquoted.value.dockerfile
#                 ^^^^^ variable.other.dockerfile
#                       ^^^^^ variable.other.env.dockerfile
#                              ^ variable.other.env.dockerfile
#                                ^^^^^ string.quoted.double.dockerfile
#                                         ^^ string.quoted.single.dockerfile - variable.other.dockerfile
#                                             ^ variable.other.env.dockerfile
#                                                ^^ constant.character.escape.dockerfile
ENV NAME the rest of = $LINE
#   ^^^^ variable.other.env.dockerfile
#        ^^^ string.unquoted.value.dockerfile
#                    ^ string.unquoted.value.dockerfile - keyword.operator.assignment.dockerfile
#                      ^^^^^ variable.other.dockerfile
ENV A=1 \
#   ^ variable.other.env.dockerfile
#       ^ punctuation.separator.continuation.dockerfile
    B=2 \

    # three
#   ^^^^^^^ comment.line.number-sign.dockerfile
    C=3
#   ^ variable.other.env.dockerfile
#     ^ string.unquoted.value.dockerfile
ENV A="one \
#     ^^^^^ string.quoted.double.dockerfile
#          ^ string.quoted.double.dockerfile punctuation.separator.continuation.dockerfile
# still a comment
# <----------------- comment.line.number-sign.dockerfile
 two" B=x
#^^^^ string.quoted.double.dockerfile
#     ^ variable.other.env.dockerfile - string.quoted.double.dockerfile
ARG VERSION
#   ^^^^^^^ variable.other.arg.dockerfile
ARG A B=c D="x=y"
# <- keyword.other.special-method.dockerfile
#   ^ variable.other.arg.dockerfile
#     ^ variable.other.arg.dockerfile
#       ^ string.unquoted.value.dockerfile
#            ^^^ string.quoted.double.dockerfile - keyword.operator.assignment.dockerfile
LABEL org.opencontainers.image.title="It" "com.example.a b"=c$D e-f='g'
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ variable.other.label.dockerfile
#                                   ^ keyword.operator.assignment.dockerfile
#                                    ^^^^ string.quoted.double.dockerfile
#                                          ^^^^^^^^^^^^^^^ string.quoted.double.dockerfile
#                                                          ^ keyword.operator.assignment.dockerfile
#                                                            ^^ variable.other.dockerfile
#                                                               ^^^ variable.other.label.dockerfile
LABEL name value here
#     ^^^^ variable.other.label.dockerfile
#          ^^^^^ string.unquoted.value.dockerfile
#                ^^^^ string.unquoted.value.dockerfile
LABEL A=\
#^ keyword.other.special-method.dockerfile
b C=d
# <- string.unquoted.value.dockerfile
# ^ variable.other.label.dockerfile
ENV K \
 v
#^ meta.instruction.env.dockerfile
