<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="0.9">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="0.9">
          <item value="0.01" color="#b5d1ea" alpha="150" label="up to 1 %"/>
          <item value="0.1" color="#ffffb2" alpha="255" label="1 to 10 %"/>
          <item value="0.25" color="#fed976" alpha="255" label="10 to 25 %"/>
          <item value="0.5" color="#feb24c" alpha="255" label="25 to 50 %"/>
          <item value="0.75" color="#fd8d3c" alpha="255" label="50 to 75 %"/>
          <item value="0.9" color="#f03b20" alpha="255" label="75 to 90 %"/>
          <item value="inf" color="#bd0026" alpha="255" label="90 to 100 %"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
