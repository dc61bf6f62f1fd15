# SYNTAX TEST "source.dockerfile" "SHELL with PowerShell changes the language of the commands up to the next stage"
# escape=`
FROM a
RUN echo if
#   ^^^^ meta.embedded.inline.shell.dockerfile
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]
# <----- keyword.other.special-method.dockerfile
#      ^^^^^^^^^^^^ string.quoted.double.json.dockerfile
RUN if "a" # b
# <--- keyword.other.special-method.dockerfile
#   ^^ meta.embedded.inline.powershell.dockerfile keyword.control.powershell
#          ^^^ comment.line.number-sign.shell.dockerfile
RUN --mount=type=cache,target=C:\x `
#                ^^^^^ support.constant.mount-type.dockerfile
#                                  ^ punctuation.separator.continuation.dockerfile
  foreach "x
# ^^^^^^^ meta.embedded.inline.powershell.dockerfile keyword.control.powershell
CMD ["a"]
#    ^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile - meta.embedded.inline.powershell.dockerfile
HEALTHCHECK CMD if
#               ^^ meta.embedded.inline.powershell.dockerfile
FROM b
# <---- meta.instruction.from.dockerfile keyword.other.special-method.dockerfile - meta.shell-mode.powershell.dockerfile
RUN if
#   ^^ meta.embedded.inline.shell.dockerfile keyword.control.shell - meta.embedded.inline.powershell.dockerfile
SHELL ["C:\\pwsh.exe", "-c"]
SHELL ["pwsh", "-c"]
RUN foreach
#   ^^^^^^^ meta.embedded.inline.powershell.dockerfile
SHELL ["cmd", "/S", "/C"]
# <----- keyword.other.special-method.dockerfile - meta.shell-mode.powershell.dockerfile
RUN if
#   ^^ meta.embedded.inline.shell.dockerfile
