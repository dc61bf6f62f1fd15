# SYNTAX TEST "source.dockerfile" "the backtick as the escape character"
# escape=`
# ^^^^^^ meta.directive.dockerfile keyword.control.directive.dockerfile
#        ^ meta.directive.dockerfile constant.language.escape.dockerfile
# syntax=docker/dockerfile:1
# ^^^^^^ meta.directive.dockerfile keyword.control.directive.dockerfile
FROM mcr.microsoft.com/windows/servercore:ltsc2022
# <---- keyword.other.special-method.dockerfile
#    ^^^^^^^^^^^^^^^^^ entity.name.namespace.registry.dockerfile
# syntax=late
# <------------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
COPY a.txt C:\app\
#          ^^ string.unquoted.path.dockerfile
#            ^^^^^ meta.instruction.copy.dockerfile - constant.character.escape.dockerfile
WORKDIR C:\app
# <------- meta.instruction.workdir.dockerfile keyword.other.special-method.dockerfile
#         ^^^^ - constant.character.escape.dockerfile
ENV A="C:\x\" B=a` b C="say `"hi`""
#     ^^^^^^^ string.quoted.double.dockerfile
#             ^ variable.other.env.dockerfile - string.quoted.double.dockerfile
#                ^^ constant.character.escape.dockerfile
#                           ^^ string.quoted.double.dockerfile constant.character.escape.dockerfile
#                             ^^ string.quoted.double.dockerfile
RUN dir C:\ `
# <--- keyword.other.special-method.dockerfile
#           ^ constant.character.escape.line-continuation.dockerfile punctuation.separator.continuation.dockerfile
    # a comment
#   ^^^^^^^^^^^ comment.line.number-sign.dockerfile
    && copy a b
#      ^^^^ meta.instruction.run.dockerfile meta.embedded.inline.shell.dockerfile - keyword.other.special-method.dockerfile
ENV X=a \
# <--- keyword.other.special-method.dockerfile
#       ^ - punctuation.separator.continuation.dockerfile
EXPOSE 80
# <------ meta.instruction.expose.dockerfile keyword.other.special-method.dockerfile
CMD ["C:\\app\\x.exe", "a"]
#       ^^ string.quoted.double.json.dockerfile constant.character.escape.dockerfile
RUN powershell -c "a `"b`" c" && d `n e
#                    ^^ constant.character.escape.dockerfile - string.interpolated.backtick.shell
#                      ^ string.quoted.double.shell
#                         ^^^ string.quoted.double.shell
#                             ^^ keyword.operator.shell - string.quoted.double.shell
#                                  ^^ constant.character.escape.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
RUN dir C:\
#         ^ meta.embedded.inline.shell.dockerfile - punctuation.separator.continuation.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
COPY <<a.ps1 C:\app\
#      ^^^^^ keyword.control.heredoc-token.dockerfile
foreach $x
# <------- meta.embedded.block.powershell keyword.control.powershell
#       ^^ variable.other.dockerfile
a.ps1
# <----- keyword.control.heredoc-token.dockerfile
RUN --mount=type=cache,target=C:\x `
    <<EOF
echo `
# <---- meta.embedded.block.shellscript
EOF
# <--- keyword.control.heredoc-token.dockerfile
