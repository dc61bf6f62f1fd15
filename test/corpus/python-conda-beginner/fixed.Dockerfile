FROM continuumio/miniconda3

RUN conda update -n base -c defaults conda && conda clean -afy
COPY environment.yml .
RUN conda env create -f environment.yml && conda clean -afy
SHELL ["conda", "run", "-n", "geo", "/bin/bash", "-c"]
RUN conda install -y -c conda-forge gdal
RUN pip install flask
COPY . /app
WORKDIR /app
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
ENTRYPOINT ["conda", "run", "--no-capture-output", "-n", "geo", "python", "serve.py"]
